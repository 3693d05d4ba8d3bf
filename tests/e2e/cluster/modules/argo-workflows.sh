# A module zip drops symbolic links, and signal_linux.go is one. Nor is the built web page in it, which the command line embeds.
ln -sf signal_darwin.go workflow/executor/osspecific/signal_linux.go
mkdir -p ui/dist/app
echo '<p>This build has no web page.</p>' >ui/dist/app/index.html
