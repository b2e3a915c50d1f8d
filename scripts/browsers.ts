/** For anything older, Lightning CSS rewrites light-dark() into a media query that ignores the page's own color-scheme. */
export const browsers = ['chrome123', 'edge123', 'firefox121', 'safari17.5'];
