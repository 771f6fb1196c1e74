// Traces HTTP by OpenTelemetry: node --import servers/otel.mjs. Spans are made, batched and counted, and go nowhere.
import { createRequire } from 'node:module';

const require = createRequire(new URL('../peers/package.json', import.meta.url));
const { registerInstrumentations } = require('@opentelemetry/instrumentation');
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http');
const { BatchSpanProcessor, NodeTracerProvider } = require('@opentelemetry/sdk-trace-node');

globalThis.spans = 0;
const exporter = {
  export(spans, done) {
    globalThis.spans += spans.length;
    done({ code: 0 });
  },
  shutdown: () => Promise.resolve(),
};
new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] }).register();
registerInstrumentations({ instrumentations: [new HttpInstrumentation()] });
// what is required gets patched, and with it what is imported
require('node:http');
