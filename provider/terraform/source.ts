/** What users write as `source`; engines put the host of their own registry before it. */
export const SOURCE = 'portforward/portforward';
