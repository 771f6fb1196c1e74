import { Box, SingleSelect, SingleSelectOption } from '@strapi/design-system';
import type { Overview } from '../../../server/src/contracts';
import { useFormats } from '../hooks/useFormats';
import { useText } from '../hooks/useText';

interface InstanceChoiceProps {
  readonly overview: Overview;
  readonly instance: string;
  readonly onChoose: (instance: string) => void;
}

/** All instances together, or one by itself; nothing where there is one only. */
export const InstanceChoice = ({ overview, instance, onChoose }: InstanceChoiceProps) => {
  const text = useText();
  const formats = useFormats();
  const { instances, now } = overview;
  if (instances.length < 2) return null;
  const known = instances.some((it) => it.id === instance) ? instance : 'all';
  return (
    <Box minWidth="220px">
      <SingleSelect
        size="S"
        aria-label={text('fleet.choose')}
        value={known}
        onChange={(value) => onChoose(String(value))}
      >
        <SingleSelectOption value="all">{text('fleet.all', { count: instances.length })}</SingleSelectOption>
        {instances.map(({ id, name, at, ended, here }) => (
          <SingleSelectOption key={id} value={id}>
            {here && text('fleet.here', { name })}
            {!here && (ended ? text('fleet.ended', { name, ago: formats.ago(at, now) }) : name)}
          </SingleSelectOption>
        ))}
      </SingleSelect>
    </Box>
  );
};
