import { execa } from 'execa';
import type { Json } from '../../main/contract/json.ts';

/**
 * Python's own answer to each of many questions: `code` defines `answer(question)`; what it raises becomes `"error"`.
 * Needs nothing but a `python3`.
 */
export async function askPython(code: string, questions: readonly Json[]): Promise<Json[]> {
  const program = `
import json, sys, warnings
warnings.simplefilter("ignore")
${code}
def attempt(question):
    try:
        return answer(question)
    except Exception:
        return "error"
print(json.dumps([attempt(question) for question in json.load(sys.stdin)]))
`;
  const { stdout } = await execa('python3', ['-c', program], { input: JSON.stringify(questions) });
  return JSON.parse(stdout);
}
