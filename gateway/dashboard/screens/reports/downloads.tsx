import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { client } from '#dashboard/graph/client.ts';
import { saveFile } from '#dashboard/graph/save-file.ts';
import { notifyFailure } from '#dashboard/kit/attempt.ts';
import { Button } from '#dashboard/kit/button.tsx';

const formats = ['pdf', 'xlsx', 'csv'] as const;

/** Downloads the files of a report with the session, so that no address of them is left in the browser's history. */
export function Downloads({ id }: { id: string }) {
  const t = useTranslations('reports');
  const download = useMutation({
    mutationFn: async (format: string) => saveFile(await client.downloadReport(id, { format })),
    onError: (error) => notifyFailure(error, t('downloadFailed')),
  });
  return (
    <div className="row-actions">
      {formats.map((format) => (
        <Button
          key={format}
          icon={<Download aria-hidden size={16} />}
          aria-label={t('download', { format: format.toUpperCase() })}
          isBusy={download.isPending && download.variables === format}
          onClick={() => download.mutate(format)}
        >
          {format.toUpperCase()}
        </Button>
      ))}
    </div>
  );
}
