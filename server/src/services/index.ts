import cache from './cache';
import limits from './limits';
import stats from './stats';

export default { cache, limits, stats };
