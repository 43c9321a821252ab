import { Button } from '@mantine/core';
import { IconStethoscope } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEngine } from '../../client/EngineProvider.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { RichText } from '../../ui/RichText.tsx';
import { Section } from '../../ui/Section.tsx';
import { Status } from '../../ui/Status.tsx';
import { DOCTOR_TONES } from '../../ui/status-tones.ts';

/** The checks of `stormlet doctor`. */
export function DoctorPanel() {
  const { queries } = useEngine();
  const doctor = useQuery(queries.doctor());
  const again = (
    <Button
      variant="default"
      leftSection={<IconStethoscope size={14} />}
      loading={doctor.isFetching}
      onClick={() => void doctor.refetch()}
    >
      Check again
    </Button>
  );
  return (
    <Section title="Health of this installation" side={again}>
      <Loaded query={doctor}>
        {(checks) => (
          <ul className="list" aria-label="Checks">
            {checks.map(({ name, state, detail, hint }) => (
              <li key={name} className="row">
                <div className="row-main">
                  <span className="row-title">{name}</span>
                  <div className="quiet">
                    <RichText>{detail}</RichText>
                  </div>
                  {hint && (
                    <div className="quiet">
                      <RichText>{hint}</RichText>
                    </div>
                  )}
                </div>
                <Status tone={DOCTOR_TONES[state]} label={state} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Section>
  );
}
