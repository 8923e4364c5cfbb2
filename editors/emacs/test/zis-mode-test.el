;;; zis-mode-test.el --- Tries zis-mode without a screen  -*- lexical-binding: t; -*-

;;; Commentary:

;; Run by ./run: colours, indentation, and the language server through eglot.

;;; Code:

(require 'ert)
(require 'json)
(require 'seq)
(require 'zis-mode)

(defconst zis-test-editors
  (expand-file-name "../.." (file-name-directory (or load-file-name buffer-file-name)))
  "The folder of all editors.")

(defun zis-test-file (name)
  "The file NAME below the folder of all editors."
  (expand-file-name name zis-test-editors))

(defun zis-test-text (file)
  "The text of FILE."
  (with-temp-buffer
    (insert-file-contents file)
    (buffer-string)))

;; What stands in `${…}' is plain here: these are a string and a key in one.
(defconst zis-test-known '("strings.zis:13" "strings.zis:19")
  "The places that are known to be coloured otherwise than in VS Code.")

;; Colours: each case of vscode/test/grammar/, as its run.mjs reads it.

(defun zis-test-case (file)
  "The lines of FILE, each with what is expected of it.
A line is (TEXT . EXPECTED), and what is expected (FROM TO SCOPES LINE)."
  (let ((lines nil)
        (number 0))
    (dolist (line (split-string (string-trim-right (zis-test-text file)) "\n"))
      (setq number (1+ number))
      (if (and lines (string-match "^\\s-*// *\\(<-+\\|\\^+\\) +\\(\\S-.*?\\) *$" line))
          (let* ((marks (match-string 1 line))
                 (at-start (eq (aref marks 0) ?<))
                 (from (if at-start 0 (match-beginning 1)))
                 (scopes (split-string (match-string 2 line)))
                 (to (if at-start (1- (length marks)) (+ from (length marks)))))
            (push (list from to scopes number) (cdr (car lines))))
        (push (list line) lines)))
    (nreverse lines)))

(defun zis-test-category (categories scope)
  "The faces that CATEGORIES names for the longest beginning of SCOPE it knows."
  (let ((key scope))
    (while (and key (not (assoc key categories)))
      (setq key (and (string-match "\\." key) (replace-regexp-in-string "\\.[^.]*\\'" "" key))))
    (unless key (error "No category for %s" scope))
    (cdr (assoc "emacs" (cdr (assoc key categories))))))

(defun zis-test-face (position)
  "The face at POSITION, as text."
  (let ((face (get-text-property position 'face)))
    (when (consp face) (setq face (car face)))
    (if (memq face '(nil default)) "plain" (symbol-name face))))

(defun zis-test-failures (file categories)
  "What is coloured in FILE otherwise than CATEGORIES say."
  (let ((lines (zis-test-case file))
        (failures nil)
        (checked 0))
    (with-temp-buffer
      (insert (mapconcat #'car lines "\n") "\n")
      (zis-mode)
      (font-lock-ensure)
      (goto-char (point-min))
      (dolist (line lines)
        (dolist (expected (cdr line))
          (pcase-let ((`(,from ,to ,scopes ,number) expected))
            (let* ((place (format "%s:%d" (file-name-nondirectory file) number))
                   (face (zis-test-face (+ (line-beginning-position) from)))
                   (is (lambda (scope)
                         (let ((faces (append (zis-test-category categories scope) nil)))
                           (if faces (and (member face faces) t) 'unknown))))
                   (wanted (mapcar is (seq-remove (lambda (scope) (string-prefix-p "!" scope)) scopes)))
                   (unwanted (mapcar is (mapcar (lambda (scope) (string-remove-prefix "!" scope))
                                                (seq-filter (lambda (scope) (string-prefix-p "!" scope)) scopes)))))
              (setq checked (+ checked (length wanted)))
              ;; What has the face of what is wanted is not unwanted: one face stands for several things.
              (when (and (not (member place zis-test-known))
                         (or (memq nil wanted)
                             (and (memq t unwanted) (not (memq t wanted)))))
                (push (format "%s: `%s' has %s, and %s in VS Code" place
                              (substring (car line) from (min to (length (car line)))) face scopes)
                      failures)))))
        (forward-line)))
    (cons checked (nreverse failures))))

(ert-deftest zis-test-colours ()
  "The colours are those of VS Code, as far as Emacs tells things apart."
  (let ((categories (let ((json-object-type 'alist) (json-key-type 'string))
                      (json-read-file (zis-test-file "categories.json"))))
        (files (directory-files (zis-test-file "vscode/test/grammar") t "\\.zis\\'"))
        (checked 0)
        (failures nil))
    (should (> (length files) 5))
    (dolist (file files)
      ;; jq is one text here.
      (unless (equal (file-name-base file) "jq")
        (let ((found (zis-test-failures file categories)))
          (setq checked (+ checked (car found))
                failures (append failures (cdr found))))))
    (should (> checked 100))
    (should (equal (mapconcat #'identity failures "\n") ""))))

(ert-deftest zis-test-jq ()
  "A jq text is one string, whatever quotes and signs it holds."
  (with-temp-buffer
    (insert "  let a = jq(x)`.a | \"b\" // \"` + 1\n  let b = jq``\"`\"`` + c // d\n")
    (zis-mode)
    (font-lock-ensure)
    (dolist (place '(("`.a" . "font-lock-string-face") ("1" . "plain") ("``\"" . "font-lock-string-face")
                     ("c " . "plain") ("// d" . "font-lock-comment-delimiter-face")))
      (goto-char (point-min))
      (search-forward (car place))
      (should (equal (cons (car place) (zis-test-face (match-beginning 0))) place)))))

;; Indentation

(ert-deftest zis-test-indentation ()
  "What the formatter has written stays as it is when it is indented again."
  (let ((files (directory-files-recursively (zis-test-file "../tests/examples") "\\.zis\\'")))
    (should (> (length files) 5))
    (dolist (file files)
      (with-temp-buffer
        (insert-file-contents file)
        (zis-mode)
        (let ((before (buffer-string)))
          (goto-char (point-min))
          (while (not (eobp))
            ;; What stands in a text over several lines belongs to it.
            (unless (nth 3 (syntax-ppss)) (delete-horizontal-space))
            (forward-line))
          (let ((inhibit-message t)) (indent-region (point-min) (point-max)))
          (should (equal (cons file (buffer-string)) (cons file before))))))))

;; The language server

(defmacro zis-test-wait (what &rest condition)
  "Wait until CONDITION gives something, and give it; WHAT says what is waited for."
  `(let ((deadline (+ (float-time) 20)) (value nil))
     (while (not (setq value (progn ,@condition)))
       (when (> (float-time) deadline) (error "Waited in vain for %s" ,what))
       (accept-process-output nil 0.05))
     value))

(defconst zis-test-program "integration acme

action slack.post(channel: string, text: string) {
  POST \"https://slack.com/api/chat.postMessage\"
  body { channel, text }
}

job on_ticket: support.ticket.TicketCreated -> announce

flow announce(event) {
  let ticket = event.ticket_event.ticket
  slack.post(channel: \"#help\", text: \"ticket ${ticket.idd}\")
}
")

(ert-deftest zis-test-server ()
  "Through eglot: a mistake, its end, completion, definition, rename, formatting."
  (require 'eglot)
  (let* ((project (file-name-as-directory (make-temp-file "zis-mode" t)))
         (file (expand-file-name "main.zis" project))
         (eglot-autoshutdown t)
         (eglot-sync-connect 20))
    (unwind-protect
        (progn
          (with-temp-file file (insert zis-test-program))
          (find-file file)
          (should (eq major-mode 'zis-mode))
          (let ((inhibit-message t)) (apply #'eglot (eglot--guess-contact)))
          (should (eglot-current-server))
          (let ((found (zis-test-wait "a diagnostic" (flymake-start) (flymake-diagnostics))))
            (should (= (length found) 1))
            (should (string-match-p "idd" (flymake-diagnostic-text (car found)))))
          (goto-char (point-min))
          (search-forward "ticket.idd")
          (delete-char -1)
          (eglot--signal-textDocument/didChange)
          (zis-test-wait "no diagnostic" (flymake-start) (null (flymake-diagnostics)))
          (search-backward "ticket.")
          (forward-char (length "ticket."))
          (let* ((found (eglot-completion-at-point))
                 (words (all-completions "" (nth 2 found))))
            (should (seq-find (lambda (word) (string-prefix-p "priority" word)) words)))
          (search-backward "slack.post")
          (forward-char 7)
          (let ((definition (car (xref-backend-definitions 'eglot (xref-backend-identifier-at-point 'eglot)))))
            (should (= 3 (xref-location-line (xref-item-location definition)))))
          (eglot-rename "slack.tell")
          (should (string-match-p "action slack\\.tell(" (buffer-string)))
          (should (string-match-p "  slack\\.tell(channel" (buffer-string)))
          (goto-char (point-min))
          (search-forward "  let ticket =")
          (replace-match "      let ticket=")
          (eglot--signal-textDocument/didChange)
          (eglot-format-buffer)
          (should (string-match-p "^  let ticket = event" (buffer-string))))
      (when (eglot-current-server) (eglot-shutdown (eglot-current-server)))
      (set-buffer-modified-p nil)
      (kill-buffer)
      (delete-directory project t))))

;;; zis-mode-test.el ends here
