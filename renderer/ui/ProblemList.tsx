import { IconAlertTriangle, IconCircleX } from '@tabler/icons-react';
import type { Problem } from '../../main/contract/errors.ts';
import { FilePlace } from './FilePlace.tsx';
import { RichText } from './RichText.tsx';

/** What is wrong with files: what, where, what to do. */
export function ProblemList({ problems }: { problems: readonly Problem[] }) {
  return (
    <ul className="problems">
      {problems.map((problem) => (
        <li
          key={`${problem.code} ${problem.file} ${problem.line} ${problem.message}`}
          className="problem"
          data-tone={problem.severity === 'error' ? 'bad' : 'warn'}
        >
          {problem.severity === 'error' ? (
            <IconCircleX size={16} className="problem-mark" aria-hidden />
          ) : (
            <IconAlertTriangle size={16} className="problem-mark" aria-hidden />
          )}
          <div>
            <div>
              <RichText>{problem.message}</RichText>
            </div>
            {problem.file && (
              <div className="problem-place">
                <FilePlace file={problem.file} line={problem.line} />
              </div>
            )}
            {problem.hint && (
              <div className="problem-hint">
                <RichText>{problem.hint}</RichText>
              </div>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
