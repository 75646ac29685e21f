/** The page's start: language and theme, then the router. */
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import 'pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css';
import './ui/tokens.css';
import './ui/base.css';
import './ui/touch.css';
import { queryClient } from './api/queries.ts';
import { router } from './router.tsx';
import { startI18n } from './ui/i18n.ts';
import { useDrawnTheme } from './ui/preferences.ts';
import { RoomColors } from './ui/room-colors.tsx';
import { cssVariablesResolver, theme } from './ui/theme.ts';

function Page() {
  const drawn = useDrawnTheme();
  return (
    <MantineProvider theme={theme} forceColorScheme={drawn} cssVariablesResolver={cssVariablesResolver}>
      <Notifications position="bottom-right" limit={4} autoClose={6000} />
      <QueryClientProvider client={queryClient}>
        <RoomColors />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}

await startI18n();
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(<Page />);
