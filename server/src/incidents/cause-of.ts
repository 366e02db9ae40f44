/**
 * SQL: what the reason of an incident has in common with the reasons of others of the same cause. They differ by the numbers and UUIDs of what went wrong,
 * in whose place there is "…"; so a cause is a reason, too, and its own cause.
 * @param reason SQL: a column or a parameter
 */
export const causeOf = (reason: string): string =>
  `regexp_replace(${reason}, '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]+', '…', 'gi')`;
