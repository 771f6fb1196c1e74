import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Core } from '@strapi/strapi';
import type { Middleware } from 'koa';
import { Compatibility } from '../compatibility';
import type { ResolvedConfig } from '../config/schema';
import { Fills } from '../core/fills';
import { Refreshes } from '../core/refreshes';
import { Variants } from '../core/variants';
import { Recorder } from '../core/stats/recorder';
import type { Store } from '../core/store';
import { Codings, refusedCodings } from '../middlewares/codings';
import { Caching } from '../middlewares/caching';
import { Downstream } from '../middlewares/downstream';
import { Front } from '../middlewares/front';
import { passList, patience } from '../middlewares/answers';
import type { CachingParts } from '../middlewares/parts';
import { Refreshing } from '../middlewares/refreshing';
import { Replies } from '../middlewares/reply';
import { Trust } from '../middlewares/request-facts';
import { Surroundings } from '../middlewares/surroundings';
import type { RemoteStore } from '../stores/create-remote-store';
import { SharedStats } from '../stores/shared-stats';
import { buildStamp } from '../strapi/stamp';
import { Planner } from '../strapi/plan';
import { Principals } from '../strapi/principals';
import { RawSql } from '../strapi/raw-sql';
import { RouteTable } from '../strapi/route-table';
import { Schema } from '../strapi/schema';
import { Stack, type Placement, type RequestAnswerer } from '../strapi/stack';
import { track } from '../strapi/tracking';
import { awaitingPurges, delivered, Purges, type Cause } from '../strapi/writes/purges';
import { AppEntries } from './app-entries';
import { createStore } from './create-store';
import { EventRecorder } from './event-observer';
import { FleetStats } from './fleet-stats';
import { createLimiting, type Limiting } from './limiting';
import { isDebugged, purgeLine, startLine } from './log-lines';
import { Outward } from './outward';
import { currentActor, PurgeHistory, PurgeTally } from './purge-history';
import { Purging } from './purging';

/** The longest time that a shutdown waits for refreshes. */
const DRAIN_MS = 5_000;

/** Everything the plugin consists of in one running Strapi. */
export class Runtime {
  readonly compatibility: Compatibility;
  readonly store: Store;
  private readonly remote: RemoteStore | null;
  readonly schema: Schema;
  readonly routes: RouteTable;
  readonly purges: Purges;
  readonly purging: Purging;
  readonly appEntries: AppEntries;
  readonly principals: Principals;
  readonly limiting: Limiting | null;
  readonly history = new PurgeHistory();
  readonly stats: Recorder;
  /** The same of all instances. */
  readonly fleet: FleetStats;
  private readonly refreshes: Refreshes;
  private readonly tally: PurgeTally;
  readonly planner: Planner;
  private readonly parts: CachingParts;
  private readonly caching: Caching;
  readonly stack: Stack;
  readonly codings: Codings | null;
  readonly outward: Outward;
  placement: Placement | null = null;
  private moveInside = (): void => undefined;

  constructor(
    readonly strapi: Core.Strapi,
    readonly config: ResolvedConfig,
  ) {
    this.compatibility = Compatibility.probe(strapi);
    const { events } = config;
    const counting = [Date.now(), () => performance.now()] as const;
    this.stats =
      events.hits || events.fills
        ? new EventRecorder(strapi, events, ...counting)
        : new Recorder(...counting);
    const prefix = strapi.config.get<string>('api.rest.prefix', '/api');
    const opened = createStore(strapi, config, (billed, ms) => this.stats.asked(billed, ms, Date.now()));
    this.store = opened.store;
    this.remote = opened.shared?.store ?? null;
    this.tally = new PurgeTally(this.store);
    this.schema = new Schema(strapi);
    this.routes = new RouteTable(strapi, prefix);
    this.purges = new Purges(strapi, (tags, cause) => this.deliver(tags, cause));
    this.purging = new Purging(strapi, this.schema, this.store, this.purges, this.routes, (keys) =>
      this.stats.dropped(keys),
    );
    const fills = new Fills(this.store, passList(), patience);
    // what only this process holds dies with it and needs no stamp
    const stamp = opened.shared ? buildStamp(strapi) : '';
    const strictParams = strapi.config.get('api.rest.strictParams') === true;
    this.planner = new Planner(config, this.routes, { strictParams, stamp });
    this.principals = new Principals(strapi);
    this.appEntries = new AppEntries(this.store, fills, stamp);
    const driver = opened.shared?.driver ?? null;
    this.limiting = this.compatibility.lacks('no-limits')
      ? null
      : createLimiting(strapi, config, driver, this.principals, this.routes);
    const trusted = config.trustedCaller;
    this.refreshes = new Refreshes(config.maxRefreshes);
    this.fleet = new FleetStats({
      id: randomUUID(),
      name: `${hostname()} · ${process.pid}`,
      shared: driver && new SharedStats(driver, config.prefix),
      isUp: () => this.store.health?.().breaker === 'closed',
      read: (at) => ({
        snapshot: this.stats.read(at),
        policies: this.limiting?.limits.stats(at) ?? [],
        purges: this.history.list(),
      }),
      volume: () => this.stats.volume + (this.limiting?.limits.decided ?? 0) + this.history.volume,
      now: Date.now,
    });
    this.outward = new Outward(strapi, config, this.schema, this.store, () => fills.inFlight);
    const { enabled, minSize, codings } = config.compression;
    this.codings = enabled ? new Codings(this.store, minSize, codings) : null;
    this.parts = {
      canCache: this.compatibility.canCache,
      codings: this.codings,
      downstream: new Downstream(this.schema, config.downstream),
      gate: this.limiting?.gate ?? null,
      observer: this.stats,
      store: this.store,
      fills,
      planner: this.planner,
      principals: this.principals,
      replies: new Replies(config.headers),
      variants: new Variants(config.maxVariants),
      refreshing: new Refreshing(this.refreshes, strapi),
      trust: trusted ? new Trust(trusted.header, trusted.secret) : null,
      bypassCookies: config.bypassCookies,
      invalidate: (tag) => this.purges.alongside(this.store.purge({ tags: [tag] })),
      settled: (run) => awaitingPurges(run, config.deadline),
      apiPath: `${prefix}/`,
      now: Date.now,
    };
    this.caching = new Caching(this.parts);
    this.stack = new Stack(strapi, this.caching.edge);
  }

  readonly awaitPurges: Middleware = (_ctx, next) => awaitingPurges(next, this.config.deadline);

  /** In `register`: begins to watch reads and writes, and takes its places later. */
  register(): void {
    const { strapi } = this;
    const { compatibility } = this;
    if (compatibility.summary) strapi.log.warn(`[upstash-cache] ${compatibility.summary}`);
    const placeable = !compatibility.lacks('at-route') && !compatibility.lacks('no-limits');
    if (placeable) this.stack.whenComposed((placement) => this.placed(placement));
    else this.placed({ at: 'route', reason: 'this version of Strapi', inside: {}, alone: false });
    // The last moment before Strapi installs middlewares and composes routes: every `register` has run.
    strapi.hook('strapi::content-types.afterSync').register(async () => {
      if (!compatibility.lacks('no-limits')) this.stack.addOwnEntries(this.limiting !== null);
      this.routes.read(this.caching.route);
    });
    this.moveInside = track(this);
  }

  /**
   * In `bootstrap`: the database and the middleware block stand.
   * @throws Error when Redis refuses the credentials; a Redis that cannot be reached is a warning
   */
  async bootstrap(): Promise<void> {
    this.moveInside();
    if (this.compatibility.canCache) new RawSql(this.strapi, this.schema, this.purges).watch();
    this.outward.warmUp?.start();
    if (!this.remote) return;
    const check = await this.remote.verifyConnection();
    if (!check.ok && check.level === 'error') throw new Error(`[upstash-cache] ${check.message}`);
    if (!check.ok)
      this.strapi.log.warn(`[upstash-cache] ${check.message} Requests go uncached until it can.`);
    await this.remote.recover();
    this.fleet.start();
  }

  async destroy(): Promise<void> {
    await delivered(this.refreshes.drain(), DRAIN_MS);
    await this.fleet.stop();
    await this.outward.stop();
    await this.limiting?.limits.close();
    await this.store.close();
  }

  private async deliver(tags: ReadonlySet<string> | null, cause: Cause): Promise<void> {
    if (isDebugged(this.strapi.log)) this.strapi.log.debug(purgeLine(tags, cause));
    const at = Date.now();
    const by = currentActor(this.strapi);
    const record = this.history.add(cause, tags, by, at);
    this.tally.add(record, tags);
    this.outward.purging(tags);
    const delivery = this.store.purge(tags ? { tags } : { all: true });
    this.outward.purged(tags, cause, delivery);
    await delivery;
    record.took = Date.now() - at;
  }

  private placed(found: Placement): RequestAnswerer | null {
    this.moveInside();
    const { store, config, routes } = this;
    const asked = config.lookup === 'route';
    const placement = asked ? { ...found, at: 'route' as const, reason: 'the lookup option' } : found;
    this.placement = placement;
    if (placement.at === 'route') this.planner.lookUpInRoutes(placement.reason);
    this.codings?.leaveOut(refusedCodings(placement.inside.compression));
    const { inside, alone } = placement;
    const surroundings = new Surroundings(this.strapi, inside, alone, this.parts);
    this.caching.placed(surroundings);
    this.strapi.log.info(startLine(store.kind, config.ttl, placement, routes.counts));
    return alone && this.compatibility.canCache
      ? new Front(this.parts, this.strapi.server.app, surroundings).answer
      : null;
  }
}
