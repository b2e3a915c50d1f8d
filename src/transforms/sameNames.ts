/** Names that it gives the same answer for count as one. */
export type NameKey = (name: string) => string;

/**
 * A name without what differs from run to run: numbers that stand alone, UUIDs and hexadecimal ids are `*`.
 *
 * ```
 * GET /users/1871      →  GET /users/*
 * iteration_3          →  iteration_*
 * job 9f86d081884c7d65 →  job *
 * http2, s3            →  http2, s3        a digit behind a letter is part of the word
 * ```
 */
export const nameWithoutIds: NameKey = (name) =>
  name.length > longestName ? name : name.replace(uuid, '*').replace(hexId, '*').replace(aloneNumber, '*');

/** A text of kilobytes as a name is nobody's pattern. */
const longestName = 1000;
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const hexId = /(?<![a-z0-9])(?=[a-f]{0,31}\d)[0-9a-f]{8,64}(?![a-z0-9])/gi;
const aloneNumber = /(?<![a-z0-9])\d+(?![a-z0-9])/gi;
