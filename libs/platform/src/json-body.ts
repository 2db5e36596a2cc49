import { isUtf8 } from 'node:buffer';
import { errorCodes, type FastifyInstance } from 'fastify';

/** Takes JSON in UTF-8 only. Read leniently, other bytes would be stored as other text than was sent. */
export function takeJsonInUtf8(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    // It answers through `done`.
    if (isUtf8(bytes)) void parse(request, bytes.toString('utf8'), done);
    else done(new errorCodes.FST_ERR_CTP_INVALID_JSON_BODY(), undefined);
  });
}
