import { execFileSync, spawnSync } from 'node:child_process';
import os from 'node:os';

const [FOR_SERVERS, FOR_THE_REST] = ['0', '1'];
let parted = false;

/**
 * Gives the servers one processor and everything else another: this process, what makes the load, databases. Where all
 * wander over both, one server stays on a slow one for seconds while the next has the fast one: the same process was
 * seen to take 27 or 50 us for a hit.
 * @returns whether that can be done here (Linux with taskset and two processors)
 */
export function partProcessors() {
  const can = os.availableParallelism() >= 2 && spawnSync('taskset', ['--version']).status === 0;
  if (!can) {
    console.log('Servers and load share all processors: there is no taskset here, or only one processor.');
    return false;
  }
  pin(process.pid, FOR_THE_REST);
  parted = true;
  return true;
}

/** @param pid of a process that was started from this one */
export const giveServerProcessor = (pid) => {
  if (parted) pin(pid, FOR_SERVERS);
};

const pin = (pid, processor) =>
  void execFileSync('taskset', ['--all-tasks', '--pid', '--cpu-list', processor, String(pid)]);
