const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const CLOCK = '\\d{2}:\\d{2}:\\d{2}';
const FIXED = new RegExp(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d{2} ${MONTH} \\d{4} ${CLOCK} GMT$`);
const RFC850 = new RegExp(
  `^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \\d{2}-${MONTH}-\\d{2} ${CLOCK} GMT$`,
);
const ASCTIME = new RegExp(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ${MONTH} [ \\d]\\d ${CLOCK} \\d{4}$`);

/** @returns epoch milliseconds of an HTTP date in any of its three forms (RFC 9110 section 5.6.7); null for anything else */
export function parseHttpDate(text: string | undefined): number | null {
  if (text === undefined) return null;
  let written: string;
  if (FIXED.test(text) || RFC850.test(text)) written = text;
  else if (ASCTIME.test(text)) written = `${text} GMT`;
  else return null;
  const instant = Date.parse(written);
  return Number.isNaN(instant) ? null : instant;
}
