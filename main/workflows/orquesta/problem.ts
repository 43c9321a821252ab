/** What is wrong with a workflow before it runs, in StackStorm's form. */
export type OrquestaProblem = {
  readonly type: 'syntax' | 'semantic' | 'expression' | 'context' | 'content';
  readonly message: string;
  readonly file: string;
  readonly line: number;
  /** Where it is in the document: `tasks.task1.next[0].when`. Empty for the whole. */
  readonly spec_path: string;
  readonly schema_path: string;
  readonly language?: string;
  readonly expression?: string;
};

/** The problem before its place in the file is known. */
export type Finding = Omit<OrquestaProblem, 'file' | 'line' | 'spec_path' | 'schema_path'> & {
  readonly path: readonly (string | number)[];
};
