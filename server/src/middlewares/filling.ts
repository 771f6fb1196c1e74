import type { CacheStatus, Forward } from '../core/cache-status';
import type { Answers } from './answers';
import { responseFields } from './capture';
import { Leading } from './leading';
import { omitWhatIsKnown } from './not-modified';
import type { CachingParts } from './parts';
import type { RefreshTicket } from './refreshing';
import { StandIns } from './stand-in';
import type { Visit } from './visit';

interface FillOptions {
  readonly fwd: Forward;
  readonly noStore: boolean;
}

/** Answers that the handler makes: once for all who wait, by itself, or behind a stale response. */
export class Filling {
  private readonly leading: Leading;
  private readonly standIns: StandIns;

  constructor(
    private readonly parts: CachingParts,
    private readonly answers: Answers,
  ) {
    this.leading = new Leading(parts);
    this.standIns = new StandIns(parts);
  }

  async fill(visit: Visit, options: FillOptions): Promise<void> {
    const { ctx, site, key, plan } = visit;
    const { fills, observer } = this.parts;
    const replies = this.parts.replies.for(ctx.req);
    const { fwd } = options;
    const role = await fills.run(key, (seq) => this.leading.lead(visit, seq, options));
    if (role.role === 'leader') {
      observer.filled(plan.route, visit.now, visit.begun);
      return this.finish(visit);
    }
    if (role.role === 'alone') {
      if (role.reason === 'failed' && this.standIns.answer(visit)) return this.finish(visit);
      return this.forward(visit, { fwd, detail: role.reason });
    }
    observer.coalesced(plan.route, visit.now);
    const put = (skip?: ReadonlyMap<string, string>): void => {
      replies.putEntry(ctx, role.entry, skip);
      replies.mark(ctx, 'MISS', { fwd, collapsed: true });
    };
    if (site.kind === 'edge') return this.answers.putInside(ctx, site.surroundings, put);
    put();
    omitWhatIsKnown(ctx);
  }

  /** Leaves a request to the handler alone. */
  async forward(visit: Visit, status: CacheStatus): Promise<void> {
    const { ctx, site, plan } = visit;
    const outer = responseFields(ctx);
    this.parts.replies.for(ctx.req).mark(ctx, 'MISS', status);
    const ran = await this.standIns.run(visit, outer, visit.next);
    if (ran === 'replaced') return site.kind === 'edge' ? this.finish(visit) : omitWhatIsKnown(ctx);
    if (!ctx.headerSent && ctx.respond !== false) ctx.vary([...plan.treatment.vary]);
  }

  /** Makes a response anew for the refresh that the request was made for. Nobody sees the reply. */
  async refresh(visit: Visit, ticket: RefreshTicket): Promise<void> {
    const { ctx, key, plan } = visit;
    const { fills, observer, store, now } = this.parts;
    if (key !== ticket.key) return; // what stands outside of the lookup made another question of it
    const role = await fills.run(key, async (seq) => {
      ticket.outcome = 'failed';
      try {
        const led = await this.leading.lead(visit, seq, { fwd: 'stale', noStore: false });
        ticket.outcome = led.outcome;
        return led;
      } finally {
        observer.refreshed(plan.route, now());
      }
    });
    if (role.role !== 'leader') ctx.status = 204;
    // The application now says something that must not be stored: what it said before is over.
    if (ticket.outcome === 'refused') await store.delete(key);
  }

  private finish({ ctx, site }: Visit): Promise<void> | undefined {
    omitWhatIsKnown(ctx);
    return site.kind === 'edge' ? site.surroundings.applyAfterFill(ctx) : undefined;
  }
}
