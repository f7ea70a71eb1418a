/** What a visitor sees when something went wrong: a sentence, never a stack. */
import type { FastifyError, FastifyInstance } from 'fastify';
import { faultOf, Problem } from '../problem';
import { SignInNeeded } from './guards';
import type { Show } from './views';

const SENTENCES: Readonly<Record<string, string>> = {
  FST_CSRF_MISSING_SECRET:
    'This form has been open for too long. Please go back, reload the page and send it again.',
  FST_CSRF_INVALID_TOKEN:
    'This form has been open for too long. Please go back, reload the page and send it again.',
  FST_ERR_CTP_BODY_TOO_LARGE: 'This is more text than we can take at once.',
};

export function registerErrorPages(app: FastifyInstance, show: Show): void {
  app.setNotFoundHandler((_request, reply) =>
    show(reply.code(404), 'error', 'Not found', { message: 'There is no such page.' }),
  );
  app.setErrorHandler<FastifyError | Problem | SignInNeeded>(async (error, request, reply) => {
    if (error instanceof SignInNeeded) {
      const next = request.method === 'GET' ? `?next=${encodeURIComponent(request.url)}` : '';
      return reply.redirect(`${error.signInAt}${next}`, 303);
    }
    const status = error.statusCode ?? 500;
    if (status >= 500)
      request.log.error({ ...faultOf(error), route: request.routeOptions.url }, 'A page failed');
    const known = error instanceof Problem ? error.message : SENTENCES[error.code];
    const message = known ?? 'Something went wrong on our side. Please try again in a moment.';
    return show(reply.code(status), 'error', status < 500 ? 'That did not work' : 'Sorry', { message });
  });
}
