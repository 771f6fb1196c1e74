import type { Overview } from '../../../../server/src/contracts';
import { useFormats } from '../../hooks/useFormats';
import { useText } from '../../hooks/useText';
import { Card } from '../Card';
import { Facts } from '../Facts';

/** The processes that share the store, and when each was heard of. */
export const Instances = ({ overview: { instances, now } }: { overview: Overview }) => {
  const text = useText();
  const formats = useFormats();
  return (
    <Card title={text('fleet.title')} hint={text('fleet.hint')}>
      <Facts
        facts={instances.map(({ name, at, ended, here }) => {
          const ago = formats.ago(at, now);
          if (here) return [name, text('fleet.this')];
          return [name, text(ended ? 'fleet.stopped' : 'fleet.heard', { ago })];
        })}
      />
    </Card>
  );
};
