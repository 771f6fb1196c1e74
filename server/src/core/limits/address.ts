import { BlockList, isIPv4, isIPv6 } from 'node:net';

/**
 * The address that a caller is counted under: an IPv4 address, or the /64 of an IPv6 address, since one
 * subscriber gets at least a /64 (RFC 6177 section 2) and may use any address in it.
 * @param text an address as a proxy may write it: with a port, in brackets, with a zone, IPv4 mapped into IPv6
 * @returns one common name, `unknown`, for everything that is no address: such callers share a partition
 */
export function countedAddress(text: string): string {
  const address = plainAddress(text);
  if (address === null) return 'unknown';
  return isIPv4(address) ? address : `${groups(address).slice(0, 4).join(':')}::/64`;
}

/** For people: an IPv4 address without its last number, an IPv6 network without all but its first three groups. */
export function maskedAddress(counted: string): string {
  if (isIPv4(counted)) return counted.replace(/\d+$/, '*');
  return counted.endsWith('::/64') ? `${counted.split(':').slice(0, 3).join(':')}:*` : counted;
}

/**
 * A test for addresses against a list of addresses and networks (`10.0.0.0/8`, `fd00::/8`).
 * @throws Error when an item is neither; `addressRangeProblem` says so beforehand
 */
export function addressRanges(ranges: readonly string[]): (text: string) => boolean {
  if (ranges.length === 0) return () => false;
  const list = new BlockList();
  for (const range of ranges) {
    const problem = addressRangeProblem(range);
    if (problem) throw new Error(problem);
    const [address = '', bits] = range.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    list.addSubnet(address, bits === undefined ? (family === 'ipv4' ? 32 : 128) : Number(bits), family);
  }
  return (text) => {
    const address = plainAddress(text);
    return address !== null && list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
  };
}

/** What is wrong with an address or a network in CIDR notation (RFC 4632 section 3.1, RFC 4291 section 2.3). */
export function addressRangeProblem(range: string): string | null {
  const [address = '', bits, more] = range.split('/');
  const widest = isIPv4(address) ? 32 : isIPv6(address) && !address.includes('%') ? 128 : 0;
  if (widest === 0 || more !== undefined)
    return `"${range}" is no IP address and no network such as "10.0.0.0/8"`;
  if (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= widest))
    return `"${range}": the part after "/" is a number from 0 to ${widest}`;
  return null;
}

function plainAddress(text: string): string | null {
  if (isIPv4(text)) return text;
  // what a server that listens on both families says of every IPv4 client
  if (text.startsWith('::ffff:') && isIPv4(text.slice(7))) return text.slice(7);
  const bare =
    /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text)?.[1] ?? text;
  const address = bare.replace(/%.*$/, '');
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return null;
  const parts = groups(address);
  if (parts.slice(0, 5).some((part) => part !== '0') || parts[5] !== 'ffff') return address;
  const [high = 0, low = 0] = parts.slice(6).map((part) => parseInt(part, 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** The eight groups of a valid IPv6 address, without leading zeros, in lower case. */
function groups(address: string): string[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const pair = (high?: string, low?: string): string => (Number(high) * 256 + Number(low)).toString(16);
  const text = dotted
    ? `${dotted[1] ?? ''}${pair(dotted[2], dotted[3])}:${pair(dotted[4], dotted[5])}`
    : address;
  const [head = '', tail] = text.split('::');
  const left = head.split(':').filter(Boolean);
  const right = (tail ?? '').split(':').filter(Boolean);
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array<string>(zeros).fill('0'), ...right].map((part) =>
    parseInt(part, 16).toString(16),
  );
}
