/** Addresses of the page. The lab page is a chunk of its own: signing in must not wait for terminals and docking. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { labQuery, queryClient, sessionQuery } from './api/queries.ts';
import { SetupPage } from './features/account/setup-page.tsx';
import { SignInPage } from './features/account/sign-in-page.tsx';
import { type ClassTab, isClassTab } from './features/class/class-tabs.ts';
import { readConsoleSearch } from './features/console/console-search.ts';
import { LabsPage } from './features/lab/labs-page.tsx';
import { CrashPage, NotFoundPage } from './ui/fallback-pages.tsx';
import { adoptPreferences } from './ui/preferences-account.ts';

const oidcFailures = ['oidcUnavailable', 'oidcFailed', 'accountDisabled'] as const;
type OidcFailure = (typeof oidcFailures)[number];

function isOidcFailure(value: unknown): value is OidcFailure {
  return oidcFailures.some((one) => one === value);
}

const rootRoute = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage });

/** Only into this page, never to another site. */
function wayBack(search: Record<string, unknown>): { to?: string } {
  const { to } = search;
  return typeof to === 'string' && to.startsWith('/') && !to.startsWith('//') ? { to } : {};
}

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (
    search: Record<string, unknown>,
  ): { to?: string; ended?: boolean; oidc?: OidcFailure } => ({
    ...wayBack(search),
    ...(search.ended === true ? { ended: true } : {}),
    ...(isOidcFailure(search.oidc) ? { oidc: search.oidc } : {}),
  }),
  component: SignInPage,
});

const setupRoute = createRoute({ getParentRoute: () => rootRoute, path: '/setup', component: SetupPage });

/** Who came in with a password from a card passes here first. */
const firstPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/first-password',
  validateSearch: wayBack,
  component: lazyRouteComponent(
    () => import('./features/account/first-password-page.tsx'),
    'FirstPasswordPage',
  ),
});

/** Everything below needs somebody signed in; who is not goes to sign in and comes back. */
const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  beforeLoad: async ({ location }) => {
    const session = await queryClient.ensureQueryData(sessionQuery);
    if (!session.me)
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { to: location.href } });
    if (session.me.passwordOnce)
      throw redirect({ to: '/first-password', search: location.href === '/' ? {} : { to: location.href } });
    adoptPreferences(session.me);
    return { me: session.me };
  },
  component: Outlet,
});

const labsRoute = createRoute({ getParentRoute: () => signedInRoute, path: '/', component: LabsPage });

const conceptRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/concepts/$conceptId',
  /** `lab`: the lab that is open beside it, whose cluster the figures draw. */
  validateSearch: (search: Record<string, unknown>): { lab?: string } =>
    typeof search.lab === 'string' && /^[a-z0-9-]+$/.test(search.lab) ? { lab: search.lab } : {},
  component: lazyRouteComponent(() => import('./features/concepts/concept-page.tsx'), 'ConceptPage'),
});

const labRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/labs/$labId',
  // Not awaited: the page and its texts come at the same time.
  loader: ({ params }) => void queryClient.prefetchQuery(labQuery(params.labId)),
  component: lazyRouteComponent(() => import('./features/lab/lab-page.tsx'), 'LabPage'),
});

const consoleRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/labs/$labId/console',
  validateSearch: readConsoleSearch,
  component: lazyRouteComponent(() => import('./features/console/console-page.tsx'), 'ConsolePage'),
});

const adminRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/admin',
  component: lazyRouteComponent(() => import('./features/admin/admin-page.tsx'), 'AdminPage'),
});

const environmentsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/environments',
  component: lazyRouteComponent(
    () => import('./features/environments/environments-page.tsx'),
    'EnvironmentsPage',
  ),
});

const accountRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/account',
  component: lazyRouteComponent(() => import('./features/account/account-page.tsx'), 'AccountPage'),
});

const accountsRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/accounts',
  component: lazyRouteComponent(() => import('./features/account/accounts-page.tsx'), 'AccountsPage'),
});

const traineesRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/trainees',
  component: lazyRouteComponent(() => import('./features/account/trainees-page.tsx'), 'TraineesPage'),
});

const classesRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/classes',
  component: lazyRouteComponent(() => import('./features/class/classes-page.tsx'), 'ClassesPage'),
});

const classRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: '/classes/$classId',
  validateSearch: (search: Record<string, unknown>): { tab?: ClassTab; trainee?: string } => ({
    ...(isClassTab(search.tab) ? { tab: search.tab } : {}),
    ...(typeof search.trainee === 'string' ? { trainee: search.trainee } : {}),
  }),
  component: lazyRouteComponent(() => import('./features/class/class-page.tsx'), 'ClassPage'),
});

/** For everybody: whoever has a code and no account comes in here. */
const joinComponent = lazyRouteComponent(() => import('./features/class/join-page.tsx'), 'JoinPage');
const joinRoute = createRoute({ getParentRoute: () => rootRoute, path: '/join', component: joinComponent });
const joinCodeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/join/$code',
  component: joinComponent,
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    signInRoute,
    setupRoute,
    firstPasswordRoute,
    joinRoute,
    joinCodeRoute,
    signedInRoute.addChildren([
      labsRoute,
      conceptRoute,
      labRoute,
      consoleRoute,
      adminRoute,
      environmentsRoute,
      accountRoute,
      accountsRoute,
      traineesRoute,
      classesRoute,
      classRoute,
    ]),
  ]),
  defaultPreload: 'intent',
  defaultErrorComponent: CrashPage,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
