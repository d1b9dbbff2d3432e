import '#dashboard/styles/index.css';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import * as z from 'zod/mini';
import { queryClient } from '#dashboard/graph/query.ts';
import { LanguageProvider } from './language-provider.tsx';
import { router } from './router.tsx';

// The Content-Security-Policy forbids both compiled validators and style elements.
z.config({ jitless: true });

const root = document.getElementById('root');
if (!root) throw new Error('The page has no place for the dashboard');
createRoot(root).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <LanguageProvider>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </LanguageProvider>
    </CSPProvider>
  </StrictMode>,
);
