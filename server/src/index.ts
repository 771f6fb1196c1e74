import bootstrap from './bootstrap';
import config from './config';
import controllers from './controllers';
import destroy from './destroy';
import middlewares from './stack-middlewares';
import register from './register';
import routes from './routes';
import services from './services';

export type { UpstashCacheConfig } from './config/schema';
export type { CacheOptions, CacheService } from './services/cache';
export type { Explanation } from './services/explain';
export type { LimitsService } from './services/limits';
export type { StatsService } from './services/stats';
export type { PurgeRequest, PurgeResult } from './services/purging';

export default { register, bootstrap, destroy, config, controllers, routes, services, middlewares };
