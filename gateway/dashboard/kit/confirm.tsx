import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { describeError } from '#dashboard/graph/query.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';

export interface ConfirmProps {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  text: ReactNode;
  /** What the button does, as a verb: `Revoke`. */
  action: string;
  onConfirm: () => Promise<unknown>;
}

/** Asks before something that cannot be taken back. It closes once that is done, and says what failed. */
export function Confirm({ isOpen, onClose, title, text, action, onConfirm }: ConfirmProps) {
  const t = useTranslations('app');
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const close = () => {
    setProblem(undefined);
    onClose();
  };
  const confirm = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      await onConfirm();
      close();
    } catch (error) {
      setProblem(describeError(error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog isOpen={isOpen} onClose={close} title={title} text={text}>
      {problem && (
        <p className="field-problem" role="alert">
          {problem}
        </p>
      )}
      <div className="form-buttons">
        <Button onClick={close}>{t('cancel')}</Button>
        <Button look="danger" isBusy={isBusy} onClick={() => void confirm()}>
          {action}
        </Button>
      </div>
    </Dialog>
  );
}
