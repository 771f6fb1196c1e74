import type { StrapiApp } from '@strapi/strapi/admin';
import { CacheIcon } from './components/CacheIcon';
import { CachePanel } from './content-manager/CachePanel';
import { PurgeAction } from './content-manager/PurgeAction';
import type { ContentManagerApis } from './content-manager/types';
import { textOf } from './hooks/useText';
import { PERMISSIONS } from './permissions';
import { PLUGIN_ID } from './pluginId';
import { prefixed } from './utils/prefixed';

type MenuLink = Parameters<StrapiApp['addMenuLink']>[0];
type WidgetArgs = Exclude<
  Parameters<StrapiApp['widgets']['register']>[0],
  unknown[] | ((...args: never[]) => unknown)
>;

export default {
  register(app: StrapiApp): void {
    app.addMenuLink({
      to: `plugins/${PLUGIN_ID}`,
      icon: CacheIcon,
      intlLabel: textOf('menu.label'),
      permissions: PERMISSIONS.read as unknown as MenuLink['permissions'],
      Component: () => import('./pages/App'),
    });
    app.registerPlugin({ id: PLUGIN_ID, name: PLUGIN_ID });
    // the home page of early versions has no widgets
    app.widgets?.register({
      id: 'hit-rate',
      pluginId: PLUGIN_ID,
      title: textOf('widget.title'),
      // not optional: without an icon the whole admin panel stays blank
      icon: CacheIcon as WidgetArgs['icon'],
      link: { label: textOf('widget.link'), href: `/plugins/${PLUGIN_ID}` },
      component: async () => (await import('./widget/HitRateWidget')).default,
      permissions: PERMISSIONS.read as unknown as NonNullable<WidgetArgs['permissions']>,
    });
  },

  bootstrap(app: Pick<StrapiApp, 'getPlugin'>): void {
    const apis = app.getPlugin('content-manager')?.apis as Partial<ContentManagerApis> | undefined;
    apis?.addEditViewSidePanel?.([CachePanel]);
    apis?.addDocumentAction?.([PurgeAction]);
  },

  async registerTrads({
    locales,
  }: {
    locales: string[];
  }): Promise<{ data: Record<string, string>; locale: string }[]> {
    return Promise.all(
      locales.map(async (locale) => {
        try {
          const { default: data } = (await import(`./translations/${locale}.json`)) as {
            default: Record<string, string>;
          };
          return { data: prefixed(data), locale };
        } catch {
          return { data: {}, locale };
        }
      }),
    );
  },
};
