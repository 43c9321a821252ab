/** What a search looks at. */
export type Searched = {
  readonly ref: string;
  readonly name: string;
  readonly description: string;
  readonly keywords: readonly string[];
};

/** Those in which every word of the text occurs, the best first; all of them, in their order, for no words at all. */
export function searchCatalogue<T extends Searched>(packs: readonly T[], search: string): T[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...packs];
  const scored = packs.map((pack) => ({ pack, score: scoreOf(pack, words) }));
  return scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.pack.ref.localeCompare(b.pack.ref))
    .map(({ pack }) => pack);
}

/** 0 where a word is nowhere. The name says more than a keyword, and that more than the description. */
function scoreOf(pack: Searched, words: readonly string[]): number {
  const names = [pack.ref, pack.name].map((name) => name.toLowerCase());
  const keywords = pack.keywords.map((keyword) => keyword.toLowerCase());
  const description = pack.description.toLowerCase();
  let total = 0;
  for (const word of words) {
    const score = scoreOfWord(word, names, keywords, description);
    if (score === 0) return 0;
    total += score;
  }
  return total;
}

function scoreOfWord(word: string, names: readonly string[], keywords: readonly string[], description: string): number {
  if (names.includes(word)) return 100;
  if (names.some((name) => name.startsWith(word))) return 50;
  if (names.some((name) => name.includes(word))) return 20;
  if (keywords.includes(word)) return 15;
  if (keywords.some((keyword) => keyword.includes(word))) return 8;
  return description.includes(word) ? 3 : 0;
}
