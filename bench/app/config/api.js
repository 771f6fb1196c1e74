'use strict';

module.exports = { rest: { defaultLimit: 10, maxLimit: 250, withCount: true } };
