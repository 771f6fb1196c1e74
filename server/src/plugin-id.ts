export const PLUGIN_ID = 'upstash-cache';
