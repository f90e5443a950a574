/** The four levels of procuratorates: 最高、省级、市级、基层. */
export const officeLevels = ['supreme', 'provincial', 'municipal', 'county'] as const;
export type OfficeLevel = (typeof officeLevels)[number];
