import { Box, Divider } from '@strapi/design-system';
import type { Configuration, Setting } from '../../../../server/src/contracts';
import { useFormats, type Formats } from '../../hooks/useFormats';
import { usePoll } from '../../hooks/usePoll';
import { useText, type Text } from '../../hooks/useText';
import { Card } from '../Card';
import { Facts } from '../Facts';
import { Loaded } from '../States';

function valueText({ value, unit }: Setting, text: Text, formats: Formats): string {
  if (unit === 'secret') return text(value === true ? 'settings.set' : 'settings.unset');
  if (unit === 'ms' && typeof value === 'number') return formats.span(value);
  if (unit === 'bytes' && typeof value === 'number') return formats.bytes(value);
  if (typeof value === 'boolean') return text(value ? 'settings.yes' : 'settings.no');
  return value === null || value === '' ? '–' : String(value);
}

/** Where the lookup stands, and every option in force. */
export const Settings = () => {
  const text = useText();
  const formats = useFormats();
  const note = ({ changed }: Setting): string => (changed ? text('settings.changed') : '');
  const configuration = usePoll<Configuration>('/configuration', 0);
  return (
    <Loaded of={configuration}>
      {({ settings, facts }) => (
        <Card title={text('settings.title')} hint={text('settings.hint')} flush>
          <Box paddingLeft={6} paddingRight={6} paddingBottom={4}>
            <Facts
              facts={[
                [
                  text('settings.lookup'),
                  facts.placement === null
                    ? '–'
                    : `${text(`settings.lookup.${facts.placement}`)} (${facts.placementReason ?? ''})`,
                ],
                [
                  text('settings.routes'),
                  text('settings.routes.value', { pure: facts.pureRoutes, impure: facts.impureRoutes }),
                ],
                [text('settings.stats'), formats.bytes(facts.statsBytes)],
              ]}
            />
          </Box>
          <Box paddingLeft={6} paddingRight={6} paddingTop={2} paddingBottom={6}>
            <Divider marginBottom={5} />
            <Facts code facts={settings.map((it) => [it.path, valueText(it, text, formats), note(it)])} />
          </Box>
        </Card>
      )}
    </Loaded>
  );
};
