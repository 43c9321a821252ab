import type { Settings } from '../../../main/contract/settings.ts';
import { Section } from '../../ui/Section.tsx';
import { CatalogueSettings } from './CatalogueSettings.tsx';
import { useUpdate } from './use-update.ts';

export function PackSettings({ packs }: { packs: Settings['packs'] }) {
  const update = useUpdate();
  return (
    <Section title="Catalogues">
      <div className="card">
        <CatalogueSettings
          key={packs.catalogues.join('\n')}
          catalogues={packs.catalogues}
          onSave={(catalogues) => update({ packs: { catalogues } })}
        />
      </div>
    </Section>
  );
}
