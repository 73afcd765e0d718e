import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { queryClient } from './api/queryClient.ts';
import { ScreenBoundary } from './shell/ScreenBoundary.tsx';
import { Shell } from './shell/Shell.tsx';
import { cssVariablesResolver, theme } from './theme/theme.ts';

export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <Notifications
          position="top-right"
          limit={3}
          styles={{ root: { marginTop: 'calc(2 * var(--bar-height))' } }}
        />
        <ScreenBoundary name="Facet">
          <Shell />
        </ScreenBoundary>
      </QueryClientProvider>
    </MantineProvider>
  );
}
