import type { World } from '../world';

export const ARTICLE = 'api::article.article';
export const PAGE = 'api::page.page';
export const HOMEPAGE = 'api::homepage.homepage';
export const COLLECTIONS = [
  ARTICLE,
  ARTICLE,
  ARTICLE,
  PAGE,
  PAGE,
  'api::author.author',
  'api::category.category',
  'api::tag.tag',
  'api::comment.comment',
  'api::profile.profile',
];
export const SINGLES = [HOMEPAGE, 'api::site-setting.site-setting'];
export const DRAFTED = [ARTICLE, ARTICLE, PAGE, HOMEPAGE];
export const LOCALIZED = new Set([PAGE, HOMEPAGE]);

export const localeFor = (world: World, uid: string, all = false): { locale?: string } => {
  if (!LOCALIZED.has(uid)) return {};
  return { locale: world.random.pick(all ? ['en', 'fr', '*'] : ['en', 'en', 'fr']) };
};
