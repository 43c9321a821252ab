import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { PackDetail } from '../../../main/contract/packs.ts';
import { FilePlace } from '../../ui/FilePlace.tsx';
import { Section } from '../../ui/Section.tsx';

/** What the pack brings: each leads to where it is used. */
export function PackContents({ pack }: { pack: PackDetail }) {
  return (
    <>
      {pack.actions.length > 0 && (
        <Section title="Actions">
          <ul className="list" aria-label="Actions">
            {pack.actions.map(({ ref, name, description }) => (
              <li key={ref} className="row">
                <div className="row-main">
                  <Link to="/actions/$ref" params={{ ref }} className="row-title">
                    {name}
                  </Link>
                  <div className="row-text">{description}</div>
                </div>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {pack.rules.length > 0 && (
        <Section title="Rules">
          <ul className="list" aria-label="Rules">
            {pack.rules.map(({ ref, name, description }) => (
              <li key={ref} className="row">
                <div className="row-main">
                  <Link to="/rules/$ref" params={{ ref }} className="row-title">
                    {name}
                  </Link>
                  <div className="row-text">{description}</div>
                </div>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {pack.triggerTypes.length > 0 && <TriggerTypes pack={pack} />}
    </>
  );
}

function TriggerTypes({ pack }: { pack: PackDetail }) {
  return (
    <Section title="Trigger types">
      <ul className="list" aria-label="Trigger types">
        {pack.triggerTypes.map(({ ref, name, description, file }) => (
          <li key={ref} className="row">
            <div className="row-main">
              <span className="row-title">{name}</span>
              <div className="row-text">{description}</div>
            </div>
            <div className="row-side">
              <FilePlace file={file}>its file</FilePlace>
              <Anchor size="xs" renderRoot={(props) => <Link to="/rules/new" search={{ trigger: ref }} {...props} />}>
                Make a rule
              </Anchor>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}
