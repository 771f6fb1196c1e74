export { startRedis, type RedisServer } from '../../scripts/lib/redis-server.mjs';
