import { useState } from 'react';
import { Box, Button, Tabs } from '@strapi/design-system';
import { Trash } from '@strapi/icons';
import { Layouts, Page, useQueryParams } from '@strapi/strapi/admin';
import type { Overview as OverviewData, Period } from '../../../server/src/contracts';
import { InstanceChoice } from '../components/InstanceChoice';
import { Entries } from '../components/entries/Entries';
import { RateLimits } from '../components/limits/RateLimits';
import { Overview } from '../components/overview/Overview';
import { History } from '../components/purge/History';
import { PurgeDialog } from '../components/purge/PurgeDialog';
import { System } from '../components/system/System';
import { Scroller } from '../components/Columns';
import type { Access } from '../hooks/useAccess';
import { useFormats } from '../hooks/useFormats';
import { usePoll } from '../hooks/usePoll';
import { useText } from '../hooks/useText';

const TABS = ['overview', 'entries', 'purges', 'limits', 'system'] as const;
const EVERY_MS = 5000;

/** The page behind the menu link: its head, and one part at a time. */
export const CachePage = ({ access }: { access: Access }) => {
  const text = useText();
  const formats = useFormats();
  const [{ query }, setQuery] = useQueryParams<{ tab?: string; search?: string }>();
  const tab = TABS.find((it) => it === query?.tab) ?? 'overview';
  const [period, setPeriod] = useState<Period>('1h');
  const [purging, setPurging] = useState(false);
  const [instance, setInstance] = useState('all');
  const overview = usePoll<OverviewData>(`/overview?period=${period}&instance=${instance}`, EVERY_MS);
  const store = overview.data?.store;
  const subtitle = store
    ? text('page.subtitle', {
        store: text(`store.${store.kind as 'memory' | 'upstash' | 'redis'}`),
        count: store.entries,
        bytes: formats.bytes(store.bytes),
      })
    : text('page.subtitle.loading');
  const parts = {
    overview: <Overview overview={overview} period={period} onPeriod={setPeriod} />,
    entries: <Entries canPurge={access.canPurge} />,
    purges: <History />,
    limits: <RateLimits canReset={access.canResetLimits} />,
    system: <System overview={overview} canConfiguration={access.canConfiguration} />,
  };
  return (
    <Page.Main>
      <Page.Title>{text('page.title')}</Page.Title>
      <Layouts.Header
        title={text('page.title')}
        subtitle={subtitle}
        secondaryAction={
          overview.data && (
            <InstanceChoice overview={overview.data} instance={instance} onChoose={setInstance} />
          )
        }
        primaryAction={
          access.canPurge && (
            <Button variant="danger-light" startIcon={<Trash />} onClick={() => setPurging(true)}>
              {text('page.purge')}
            </Button>
          )
        }
      />
      <Layouts.Content>
        <Tabs.Root
          variant="simple"
          value={tab}
          onValueChange={(value) => setQuery({ tab: value, search: '' })}
        >
          <Scroller>
            <Tabs.List aria-label={text('page.title')}>
              {TABS.map((it) => (
                <Tabs.Trigger key={it} value={it}>
                  {text(`tab.${it}`)}
                </Tabs.Trigger>
              ))}
            </Tabs.List>
          </Scroller>
          {TABS.map((it) => (
            <Tabs.Content key={it} value={it}>
              <Box paddingTop={6} paddingBottom={8}>
                {it === tab && parts[it]}
              </Box>
            </Tabs.Content>
          ))}
        </Tabs.Root>
      </Layouts.Content>
      {purging && <PurgeDialog onClose={() => setPurging(false)} onPurged={overview.refresh} />}
    </Page.Main>
  );
};
