/** The English of a tree of values: part of `messages`. */
export const jsonTexts = {
  search: 'Search keys and values',
  searchIn: (label: string) => `Search in ${label}`,
  found: (at: number, count: string, isMore: boolean) =>
    at === 0 ? (isMore ? 'Searching …' : 'Not found') : `${at} of ${count}${isMore ? '+' : ''}`,
  previous: 'Previous match',
  next: 'Next match',
  textOf: (path: string) => `Text of ${path}`,
  closeText: 'Close the text',
};
