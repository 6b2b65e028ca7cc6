"""What Postgres itself keeps and refuses of payments, in French, whoever writes (docs/rules/payments.md).

Functions run as the owner of the tables: the program's role may read balances and cannot write them.
"""

from typing import Final

_HEAD: Final = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$"

# Invoices, deposit invoices and credit notes get their balance with their copy.
BEGIN_BALANCE: Final = f"""
CREATE FUNCTION commerce_begin_balance() RETURNS trigger
{_HEAD}
DECLARE held_kind text;
BEGIN
    SELECT kind INTO held_kind FROM commerce_document WHERE id = NEW.document_id;
    IF held_kind IN ('invoice', 'deposit_invoice', 'credit_note') THEN
        INSERT INTO commerce_documentbalance (document_id, is_credit, payable, settled, due_on)
        VALUES (NEW.document_id, held_kind = 'credit_note', (NEW.content -> 'totals' ->> 'payable')::numeric, 0,
                CASE WHEN held_kind <> 'credit_note' THEN (NEW.content ->> 'due_on')::date END);
    END IF;
    RETURN NULL;
END $$
"""  # noqa: S608  # the head is a constant beside

# Always documents before payments, each by key: two people who letter the same things wait, and never for each other.
LOCK_BALANCES: Final = f"""
CREATE FUNCTION commerce_lock_balances(documents bigint[], payments bigint[]) RETURNS void
{_HEAD}
BEGIN
    PERFORM FROM commerce_documentbalance WHERE document_id = ANY (documents) ORDER BY document_id FOR UPDATE;
    PERFORM FROM commerce_paymentbalance WHERE payment_id = ANY (payments) ORDER BY payment_id FOR UPDATE;
END $$
"""  # the head is a constant beside

KEEP_PAYMENT: Final = f"""
CREATE FUNCTION commerce_keep_payment() RETURNS trigger
{_HEAD}
DECLARE
    first commerce_payment;
    held commerce_paymentbalance;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'refused_payment_kept',
            MESSAGE = 'Un règlement enregistré ne se supprime pas\u00a0: contrepassez-le.';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - 'client_id' <> to_jsonb(OLD) - 'client_id' OR NOT EXISTS (
            SELECT FROM clients_client c
             WHERE (c.id = OLD.client_id AND c.merged_into_id = NEW.client_id)
                OR (c.id = NEW.client_id AND c.merged_into_id = OLD.client_id)) THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'refused_payment_kept',
                MESSAGE = 'Un règlement enregistré ne se modifie pas\u00a0: contrepassez-le.';
        END IF;
        RETURN NULL;
    END IF;
    IF NEW.reverses_id IS NOT NULL THEN
        SELECT * INTO first FROM commerce_payment WHERE id = NEW.reverses_id;
        SELECT * INTO held FROM commerce_paymentbalance WHERE payment_id = NEW.reverses_id FOR UPDATE;
        IF first.reverses_id IS NOT NULL OR first.client_id <> NEW.client_id OR NEW.amount <> -first.amount THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'refused_reversal',
                MESSAGE = 'Une contrepassation est l’exact opposé d’un règlement du même client.';
        END IF;
        IF held.allocated <> 0 THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'refused_reversal_lettered',
                MESSAGE = 'Ce règlement est lettré à une facture\u00a0: délettrez-le d’abord.';
        END IF;
        UPDATE commerce_paymentbalance SET is_reversed = true WHERE payment_id = NEW.reverses_id;
    END IF;
    INSERT INTO commerce_paymentbalance (payment_id, amount, allocated, is_reversed)
    VALUES (NEW.id, NEW.amount, 0, NEW.reverses_id IS NOT NULL);
    RETURN NULL;
END $$
"""  # noqa: S608  # the head is a constant beside

KEEP_ALLOCATION: Final = f"""
CREATE FUNCTION commerce_keep_allocation() RETURNS trigger
{_HEAD}
DECLARE
    first commerce_allocation;
    invoice commerce_documentbalance;
    credit commerce_documentbalance;
    paid commerce_paymentbalance;
    available numeric;
    owner bigint;
BEGIN
    PERFORM commerce_lock_balances(ARRAY[NEW.invoice_id, NEW.credit_note_id], ARRAY[NEW.payment_id]);
    SELECT * INTO invoice FROM commerce_documentbalance WHERE document_id = NEW.invoice_id;
    IF invoice.document_id IS NULL OR invoice.is_credit THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'refused_allocation_unissued',
            MESSAGE = 'Seule une facture validée se règle.';
    END IF;
    IF NEW.undoes_id IS NOT NULL THEN
        SELECT * INTO first FROM commerce_allocation WHERE id = NEW.undoes_id;
        IF first.undoes_id IS NOT NULL OR NEW.amount <> -first.amount OR NEW.invoice_id <> first.invoice_id
           OR NEW.payment_id IS DISTINCT FROM first.payment_id
           OR NEW.credit_note_id IS DISTINCT FROM first.credit_note_id THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'refused_unlettering',
                MESSAGE = 'Un délettrage est l’exact opposé d’un lettrage.';
        END IF;
    END IF;
    IF NEW.payment_id IS NOT NULL THEN
        SELECT * INTO paid FROM commerce_paymentbalance WHERE payment_id = NEW.payment_id;
        SELECT client_id INTO owner FROM commerce_payment WHERE id = NEW.payment_id;
        available := paid."left";
    ELSE
        SELECT * INTO credit FROM commerce_documentbalance WHERE document_id = NEW.credit_note_id;
        SELECT client_id INTO owner FROM commerce_document WHERE id = NEW.credit_note_id;
        IF credit.document_id IS NULL OR NOT credit.is_credit THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'refused_allocation_credit',
                MESSAGE = 'Seul un avoir validé paie une facture.';
        END IF;
        available := credit.due;
    END IF;
    IF owner <> (SELECT client_id FROM commerce_document WHERE id = NEW.invoice_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'refused_allocation_stranger',
            MESSAGE = 'Un règlement paie les factures de son client, pas d’un autre.';
    END IF;
    IF NEW.undoes_id IS NULL AND NEW.amount > available THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'refused_allocation_left',
            MESSAGE = 'Il ne reste pas assez de ce règlement ou de cet avoir.';
    END IF;
    IF NEW.undoes_id IS NULL AND NEW.amount > invoice.due THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'refused_allocation_due',
            MESSAGE = 'C’est plus que ce qui reste dû sur cette facture.';
    END IF;
    UPDATE commerce_documentbalance SET settled = settled + NEW.amount WHERE document_id = NEW.invoice_id;
    UPDATE commerce_documentbalance SET settled = settled + NEW.amount WHERE document_id = NEW.credit_note_id;
    UPDATE commerce_paymentbalance SET allocated = allocated + NEW.amount WHERE payment_id = NEW.payment_id;
    RETURN NULL;
END $$
"""  # noqa: S608  # the head is a constant beside

FUNCTIONS: Final = (
    ("commerce_begin_balance()", BEGIN_BALANCE),
    ("commerce_lock_balances(bigint[], bigint[])", LOCK_BALANCES),
    ("commerce_keep_payment()", KEEP_PAYMENT),
    ("commerce_keep_allocation()", KEEP_ALLOCATION),
)
TRIGGERS: Final = (
    (
        "begin_balance",
        "commerce_issuedcopy",
        "CREATE TRIGGER begin_balance AFTER INSERT ON commerce_issuedcopy FOR EACH ROW"
        " EXECUTE FUNCTION commerce_begin_balance()",
    ),
    (
        "keep_payment",
        "commerce_payment",
        "CREATE TRIGGER keep_payment AFTER INSERT OR UPDATE OR DELETE ON commerce_payment FOR EACH ROW"
        " EXECUTE FUNCTION commerce_keep_payment()",
    ),
    (
        "keep_allocation",
        "commerce_allocation",
        "CREATE TRIGGER keep_allocation AFTER INSERT ON commerce_allocation FOR EACH ROW"
        " EXECUTE FUNCTION commerce_keep_allocation()",
    ),
    (
        "append_only",
        "commerce_allocation",
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON commerce_allocation FOR EACH ROW"
        " EXECUTE FUNCTION commerce_append_only()",
    ),
)
