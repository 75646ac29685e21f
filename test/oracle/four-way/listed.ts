/** Differences that are left, by section: `pairing: command`, and its reason. */
export const LISTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {};
