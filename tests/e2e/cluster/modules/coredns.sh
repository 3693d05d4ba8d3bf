# Only the plugins that kubeadm's Corefile names: the others (route53, azure, clouddns, ...) bring three cloud SDKs, which take longer to
# compile than CoreDNS itself. plugin.cfg and its generator are CoreDNS's own way to choose.
plugins='reload|ready|health|prometheus|errors|log|loadbalance|cache|kubernetes|loop|forward|rewrite|hosts|template'
grep -E "^($plugins):" plugin.cfg >plugin.cfg.few
mv plugin.cfg.few plugin.cfg
go run directives_generate.go
