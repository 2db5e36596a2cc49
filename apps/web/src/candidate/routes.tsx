import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from '@tanstack/react-router';
import { Announcer } from '../attempt/announcer.js';
import { OfflineBar } from '../attempt/offline-bar.js';
import { useAttempt, useAttemptStream, useHeartbeat } from '../attempt/use-attempt.js';
import { InvitationPage } from './invitation-page.js';

const root = createRootRoute({ component: Outlet });

const invitation = createRoute({ getParentRoute: () => root, path: '/a/$secret', component: InvitationPage });

function AttemptPages() {
  useAttemptStream();
  useHeartbeat(useAttempt().data);
  return (
    <>
      <OfflineBar />
      <Outlet />
      <Announcer />
    </>
  );
}

const attempt = createRoute({ getParentRoute: () => root, path: '/attempt', component: AttemptPages });
const hub = createRoute({
  getParentRoute: () => attempt,
  path: '/',
  component: lazyRouteComponent(() => import('./hub-page.js'), 'HubPage'),
});
const practice = createRoute({
  getParentRoute: () => attempt,
  path: '/practice',
  component: lazyRouteComponent(() => import('./ide-pages.js'), 'PracticePage'),
});
const ide = createRoute({
  getParentRoute: () => attempt,
  path: '/ide',
  component: lazyRouteComponent(() => import('./ide-pages.js'), 'WorkPage'),
});
const done = createRoute({
  getParentRoute: () => attempt,
  path: '/done',
  component: lazyRouteComponent(() => import('./done-page.js'), 'DonePage'),
});

export const router = createRouter({
  routeTree: root.addChildren([invitation, attempt.addChildren([hub, practice, ide, done])]),
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
