'use strict';

/** No log lines: writing them would cost the variants without a cache most. */
module.exports = { level: 'warn' };
