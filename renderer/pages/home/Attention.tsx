import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEngine } from '../../client/EngineProvider.tsx';
import { RichText } from '../../ui/RichText.tsx';
import { Section } from '../../ui/Section.tsx';
import { type Concern, concernsOf } from './attention.ts';

/** What waits for a person. Not there at all when nothing does. */
export function Attention() {
  const { queries } = useEngine();
  const concerns = concernsOf({
    packs: useQuery(queries.packs()).data ?? [],
    sensors: useQuery(queries.sensors()).data ?? [],
    rules: useQuery(queries.rules()).data ?? [],
    ruleProblems: useQuery(queries.ruleProblems()).data ?? [],
    policies: useQuery(queries.policies()).data ?? [],
    policyProblems: useQuery(queries.policyProblems()).data ?? [],
    inquiries: useQuery(queries.inquiries()).data ?? [],
  });
  if (concerns.length === 0) return null;
  return (
    <Section title="Needs attention">
      <ul className="list" aria-label="Needs attention">
        {concerns.map((concern) => (
          <li key={concern.key} className="row" data-tone={concern.tone}>
            <span className="status-dot" aria-hidden />
            <div className="row-main">
              <ConcernLink concern={concern} />
              <div className="row-text">
                <RichText>{concern.why}</RichText>
              </div>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function ConcernLink({ concern: { place, title } }: { concern: Concern }) {
  if (place === 'rules' || place === 'inquiries')
    return (
      <Link to={`/${place}`} className="row-title">
        {title}
      </Link>
    );
  if (place === 'policies')
    return (
      <Link to="/settings" search={{ section: 'limits' }} className="row-title">
        {title}
      </Link>
    );
  return 'pack' in place ? (
    <Link to="/packs/$ref" params={{ ref: place.pack }} className="row-title">
      {title}
    </Link>
  ) : (
    <Link to="/rules/$ref" params={{ ref: place.rule }} className="row-title">
      {title}
    </Link>
  );
}
