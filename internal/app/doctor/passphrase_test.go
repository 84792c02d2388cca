package doctor

import (
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/config"
)

func TestAWeakPassphraseOfBackupsIsToldAndNeverShown(t *testing.T) {
	t.Parallel()
	for key, grade := range map[string]Grade{"": Warn, "Бишкек2026": Warn, "tundra-velvet-orbit-mango-pistol-quarry": Well} {
		f := find(t, Examine(t.Context(), config.Config{Addr: "127.0.0.1:0", Data: t.TempDir(), BackupKey: key}, now), "backup key")
		if f.Grade != grade || (f.Mend == "") != (grade == Well) || key != "" && strings.Contains(f.Says+f.Mend, key) {
			t.Errorf("%q: %+v", key, f)
		}
	}
}
