import type { PurgeJob, PurgeJournal } from '../../server/src/core/purge-queue';

/** A journal that outlives the stores that write into it, as a database table does. */
export class FakeJournal implements PurgeJournal {
  readonly jobs = new Map<string, PurgeJob>();
  broken = false;

  async add(job: PurgeJob): Promise<void> {
    await this.reach();
    this.jobs.set(job.id, job);
  }

  async remove(id: string): Promise<void> {
    await this.reach();
    this.jobs.delete(id);
  }

  async list(): Promise<readonly PurgeJob[]> {
    await this.reach();
    return [...this.jobs.values()];
  }

  private async reach(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.broken) throw new Error('journal down');
  }
}
