/** What a watch is about: an institution, a kind of work, an issue. There is no fourth. */
export const subjectKinds = ['institution', 'work', 'issue'] as const;
export type SubjectKind = (typeof subjectKinds)[number];
