import type { CatalogueHit, CataloguePage, CatalogueSearch } from '../../main/contract/catalogue.ts';
import type { PackSummary } from '../../main/contract/packs.ts';
import { examplesPack } from './fake-packs.ts';

/** What can be installed, for one who has these packs. */
export function offersTo(packs: ReadonlyMap<string, PackSummary>) {
  return {
    available: () => [{ ref, name, description, version, installed: packs.has(ref) }],
    catalogue: (search: CatalogueSearch) => fakeCatalogue(search, packs),
    refreshCatalogue: () => fakeCatalogue({ search: '', limit: 1 }, packs).catalogues,
  };
}

/** Two catalogues: one that was read two hours ago, one that cannot be reached. */
function fakeCatalogue({ search, limit }: CatalogueSearch, packs: ReadonlyMap<string, PackSummary>): CataloguePage {
  const words = search.toLowerCase().split(' ');
  const fits = (hit: CatalogueHit) => words.every((word) => JSON.stringify(hit).toLowerCase().includes(word));
  const found = OFFERS.filter(fits).map((hit) => {
    const installed = packs.get(hit.ref)?.version;
    return installed === undefined ? hit : { ...hit, installed };
  });
  return {
    hits: found.slice(0, limit),
    total: found.length,
    catalogues: [
      { source: 'https://index.example.org/v1/index.json', packs: OFFERS.length - 1, fetchedAt: hoursAgo(2) },
      {
        source: 'https://packs.office.example/index.json',
        packs: 0,
        problem: {
          code: 'download/failed',
          kind: 'environment',
          message: '`https://packs.office.example/index.json` could not be fetched: connect ECONNREFUSED 10.0.0.7:443',
        },
      },
    ],
  };
}

const { ref, name, description, version } = examplesPack();

const OFFERS: readonly CatalogueHit[] = [
  { ref, name, description, version, author: '', keywords: [], from: 'app' },
  offer('git', 'Watches git repositories and runs git.', '0.4.1', 'Grace', ['scm', 'commit']),
  offer('github', 'Issues, pull requests and releases of GitHub repositories.', '2.1.3', 'Grace', ['scm', 'issues']),
  offer('jira', 'Creates and follows Jira issues, and looks for new ones.', '1.3.0', 'Ada', ['issues', 'tickets']),
  offer('mqtt', 'Publishes to an MQTT broker, and listens to its topics.', '0.3.2', 'Edsger', ['bus']),
  offer('weather', 'What the sky will do, from several services, with a warning before a storm.', '1.0.0', 'Mary', [
    'sky',
  ]),
  ...['ansible', 'docker', 'kafka', 'mysql', 'nagios', 'slack', 'trello', 'zabbix'].map((ref) =>
    offer(ref, `Integration with ${ref}.`, '1.0.0', 'Joan', []),
  ),
];

function offer(ref: string, description: string, version: string, author: string, keywords: string[]): CatalogueHit {
  const url = `https://example.org/packs/${ref}.git`;
  return { ref, name: ref, description, version, author, keywords, from: 'catalogue', url };
}

function hoursAgo(hours: number): string {
  return new Date(Date.now() - hours * 3_600_000).toISOString();
}
