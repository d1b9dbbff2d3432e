import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { hasSession } from '#dashboard/graph/session.ts';
import { Skeleton } from '#dashboard/kit/skeleton.tsx';
import { Crashed, NotFound } from './fallbacks.tsx';
import { Layout } from './layout.tsx';
import { HOME, screens } from './screens.ts';

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: Crashed });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: HOME } as never);
  },
});
const appHome = createRoute({ getParentRoute: () => root, path: '/app', beforeLoad: home.options.beforeLoad });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/app/sign-in',
  component: lazyRouteComponent(() => import('#dashboard/screens/sign-in/sign-in.tsx'), 'Screen'),
});

/** What needs a session. Without one the sign-in comes first, and leads back to the very address. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  component: Layout,
  beforeLoad: ({ location }) => {
    if (!hasSession()) throw redirect({ to: '/app/sign-in', search: { to: location.href } } as never);
  },
});

const screenRoutes = screens.map(({ path, load }) =>
  createRoute({
    getParentRoute: () => signedIn,
    path: `/app/${path}`,
    component: lazyRouteComponent(load, 'Screen'),
    pendingComponent: () => <Skeleton lines={8} />,
    errorComponent: Crashed,
  }),
);

export const router = createRouter({
  routeTree: root.addChildren([home, appHome, signIn, signedIn.addChildren(screenRoutes)]),
  scrollRestoration: true,
  defaultPreload: 'intent',
});
