;;; zis-mode.el --- Zendesk Integration Services in the zis language  -*- lexical-binding: t; -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "27.1"))
;; Keywords: languages

;;; Commentary:

;; Colours, comments and indentation for .zis files, and their language server,
;; `zisc lsp', for eglot (part of Emacs 29) and for lsp-mode.

;;; Code:

(defgroup zis nil
  "Zendesk Integration Services in the zis language."
  :group 'languages)

(defcustom zis-program "zisc"
  "The zisc program, as a name on the search path or a whole file name."
  :type 'string)

(defcustom zis-indent-offset 2
  "By how many columns what stands between brackets is indented."
  :type 'integer
  :safe #'integerp)

(defvar zis-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?/ ". 12" table)
    (modify-syntax-entry ?\n ">" table)
    ;; What is a string says `zis--mark-texts'.
    (modify-syntax-entry ?\" "." table)
    (modify-syntax-entry ?\\ "\\" table)
    (modify-syntax-entry ?_ "_" table)
    (modify-syntax-entry ?$ "'" table)
    (dolist (operator '(?+ ?- ?* ?% ?= ?< ?> ?! ?? ?| ?& ?:))
      (modify-syntax-entry operator "." table))
    table)
  "What each character is in a .zis file.")

(defun zis--mark-texts (start end)
  "Make each string and jq text from START to END one, whatever it holds."
  (goto-char start)
  (let ((around (syntax-ppss)))
    (when (nth 3 around) (zis--mark-text (nth 8 around))))
  (while (re-search-forward "[\"`]" end t)
    (let ((open (match-beginning 0)))
      (unless (save-excursion (nth 8 (syntax-ppss open)))
        (zis--mark-text open)))))

(defun zis--mark-text (open)
  "Mark the ends of the text that begins at OPEN, and go behind it."
  (goto-char open)
  (let ((fence (string-to-syntax "|")))
    (put-text-property open (1+ open) 'syntax-table fence)
    (cond ((looking-at "`+") (zis--skip-jq))
          ((looking-at "\"\"\"") (forward-char 3) (zis--skip-string "\"\"\""))
          (t (forward-char 1) (zis--skip-string "\"")))
    (put-text-property (1- (point)) (point) 'syntax-table fence)))

(defun zis--skip-jq ()
  "Go behind the jq text at point, or to its line end where nothing closes it.
As many backticks close a text as open it."
  (let ((line-end (line-end-position))
        (fence (skip-chars-forward "`"))
        (closed nil))
    (while (and (not closed) (re-search-forward "`+" nil t))
      (setq closed (= fence (- (point) (match-beginning 0)))))
    (unless closed (goto-char line-end))))

(defun zis--skip-string (quote)
  "Go behind the string around point, which QUOTE closes.
A string on one line ends with that, too."
  (let ((line-end (line-end-position))
        (closing (concat "\\\\.\\|\\${\\|" quote (if (= (length quote) 1) "\\|\n" "")))
        (closed nil))
    (while (and (not closed) (re-search-forward closing nil 'move))
      (pcase (char-before)
        (?{ (zis--skip-interpolation))
        ((or ?\" ?\n) (setq closed (/= (char-after (match-beginning 0)) ?\\)))))
    (unless closed (goto-char line-end))))

(defun zis--skip-interpolation ()
  "Go behind the `}' of the `${' before point, or to the end of its line."
  (let ((depth 1))
    (while (and (> depth 0) (re-search-forward "[{}\"\n]" nil 'move))
      (pcase (char-before)
        (?{ (setq depth (1+ depth)))
        (?} (setq depth (1- depth)))
        (?\" (zis--skip-string "\""))
        (?\n (backward-char) (setq depth 0))))))

(defconst zis--font-lock-keywords
  (let ((name "[[:alpha:]_][[:alnum:]_]*")
        (dotted "[[:alpha:]_][[:alnum:]_.]*"))
    ;; Where two rules meet, the first one counts.
    `((,(rx line-start (* blank) (? "@" (+ (not (any " "))) " ")
            (group (or "integration" "bundle" "import" "param" "type" "connection" "config" "event" "action" "job"
                       "flow" "test" "extra" "raw" "headers" "query" "body" "mock" "run" "expect"))
            (+ blank) (any alnum "_\"{"))
       (1 font-lock-keyword-face))
      (,(rx line-start (* blank)
            (group (or "GET" "POST" "PUT" "PATCH" "DELETE" "HEAD" "OPTIONS" "TRACE")) symbol-end
            (? (+ blank) (group "path") (* blank) "\""))
       (1 font-lock-builtin-face) (2 font-lock-keyword-face nil t))
      (,(rx "}" (* blank) (group "from") (* blank) "\"") (1 font-lock-keyword-face))
      (,(rx symbol-start (group "extra") (* blank) "{") (1 font-lock-keyword-face))
      (,(rx line-start (* blank) "expect" (+ blank) (group (or "call" "path")) (+ blank)) (1 font-lock-keyword-face)
       (,(concat "\\=[ ,]*\\(" dotted "\\)") nil nil (1 font-lock-constant-face)))
      (,(rx symbol-start (group (or "error" "times")) (+ blank) digit) (1 font-lock-keyword-face))
      (,(concat "^\\s-*mock\\s-+\\(" dotted "\\)") (1 font-lock-function-name-face))
      (,(concat "\\_<\\(?:action\\|flow\\|job\\|run\\)\\s-+\\(" dotted "\\)") (1 font-lock-function-name-face))
      (,(concat "^job\\_>.*->\\s-*\\(" dotted "\\)") (1 font-lock-function-name-face))
      (,(concat "\\_<type\\s-+\\(" name "\\)") (1 font-lock-type-face))
      (,(concat "\\_<job\\s-+[^: ]+\\s-*:\\s-*\\(" dotted "\\)") (1 font-lock-type-face))
      (,(concat "\\_<\\(?:param\\|connection\\|config\\|event\\|integration\\)\\s-+\\(" name "\\)")
       (1 font-lock-variable-name-face))
      (,(concat "\\_<let\\s-+\\(" name "\\)") (1 font-lock-variable-name-face))
      (,(concat "\\(?:^\\|{\\)\\s-*\\(" dotted "\\)\\s-*:\\s-*\\(?:let\\|if\\|match\\|for\\|while\\|try\\|return\\|succeed\\|"
                "fail\\|wait\\|goto\\|" dotted "(\\)")
       (1 font-lock-constant-face))
      (,(concat "\\_<goto\\s-+\\(" dotted "\\)") (1 font-lock-constant-face))
      ;; After a dot and before a colon every word is a name.
      (,(concat "\\.\\(" name "\\)") (1 'default))
      (,(concat "\\(?:^\\|[({,]\\)\\s-*\\(" name "\\)\\s-*\\??:") (1 font-lock-variable-name-face))
      (,(rx symbol-start
            (or "let" "if" "else" "match" "for" "while" "try" "catch" "return" "succeed" "fail" "wait" "goto" "raw"
                "in" "is" "present" "break" "continue" "yield")
            symbol-end)
       . font-lock-keyword-face)
      (,(rx symbol-start (or "true" "false" "null") symbol-end) . font-lock-constant-face)
      (,(rx symbol-start (or "string" "number" "int" "bool" "timestamp" "any") symbol-end) . font-lock-type-face)
      ("\\_<[[:upper:]][[:alnum:]_]*\\_>" . font-lock-type-face)
      (,(concat "\\_<jq\\_>\\|@" name) . font-lock-builtin-face)
      (,(rx "${" (* (not (any "}\n"))) "}") (0 'default t))))
  "The words of zis and their faces.")

(defun zis-indent-line ()
  "Indent the line by the brackets that are open where it begins."
  (let ((text (- (current-column) (current-indentation))))
    (save-excursion
      (back-to-indentation)
      (let* ((closing (looking-at "[])}]"))
             (state (syntax-ppss (line-beginning-position)))
             (depth (- (car state) (if closing 1 0))))
        (unless (nth 3 state)
          (indent-line-to (* zis-indent-offset (max 0 depth))))))
    (if (< text 0)
        (back-to-indentation)
      (move-to-column (+ (current-indentation) text)))))

;;;###autoload
(define-derived-mode zis-mode prog-mode "zis"
  "A mode for integrations in the zis language."
  (setq-local comment-start "// ")
  (setq-local comment-start-skip "///*\\s-*")
  (setq-local indent-line-function #'zis-indent-line)
  (setq-local indent-tabs-mode nil)
  (setq-local electric-indent-chars (append "{}()[]" electric-indent-chars))
  (setq-local syntax-propertize-function #'zis--mark-texts)
  (setq-local font-lock-defaults '(zis--font-lock-keywords)))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.zis\\'" . zis-mode))

(defvar eglot-server-programs)
(defvar lsp-language-id-configuration)
(declare-function lsp-register-client "ext:lsp-mode")
(declare-function lsp-stdio-connection "ext:lsp-mode")
(declare-function make-lsp-client "ext:lsp-mode")

(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs `(zis-mode . ,(lambda (&rest _) (list zis-program "lsp")))))

(with-eval-after-load 'lsp-mode
  (add-to-list 'lsp-language-id-configuration '(zis-mode . "zis"))
  (lsp-register-client
   (make-lsp-client :new-connection (lsp-stdio-connection (lambda () (list zis-program "lsp")))
                    :major-modes '(zis-mode)
                    :server-id 'zisc)))

(provide 'zis-mode)
;;; zis-mode.el ends here
