#include "tests/golden/screens/golden_file.hpp"
#include "tests/unit/tools/inspection/sound_daemon.hpp"
#include "tools/switchboardctl/inspection/top_frame.hpp"
#include "tools/switchboardctl/text_width.hpp"

namespace switchboard::ctl {
namespace {

top_model busy_night() {
  top_model m;
  m.daemon = sound_daemon();
  m.daemon.groups["groups"][2]["online"] = 0;
  m.daemon.centers["centers"][0]["breaker"] = "open";
  m.daemon.centers["centers"][0]["last_trouble"] = {{"text", "connect timeout"}};
  m.earlier_status = m.daemon.status;
  m.earlier_status["sessions"]["opened"] = 4'699;
  m.earlier_status["assigned"] = 4'391;
  m.earlier_status["messages"] = 83'306;
  m.earlier_status["journal"]["durable"] = 308'896;
  m.clock = "03:12:07";
  return m;
}

std::string drawn(std::size_t columns, std::size_t rows) {
  top_view v;
  v.columns = columns;
  v.rows = rows;
  const auto lines = top_frame(busy_night(), v);
  EXPECT_EQ(lines.size(), rows);
  std::string out;
  for (auto& l : lines) {
    EXPECT_LE(terminal::width(l), columns) << l;
    out += l + '\n';
  }
  return out;
}

TEST(top_screen, at_80_by_24_and_at_160_by_45) {
  expect_golden("top_80x24.txt", drawn(80, 24));
  expect_golden("top_160x45.txt", drawn(160, 45));
}

TEST(top_screen, fits_whatever_size_there_is) {
  for (std::size_t columns : {40u, 61u, 139u, 140u, 300u}) {
    for (std::size_t rows : {10u, 24u, 100u}) drawn(columns, rows);
  }
}

}  // namespace
}  // namespace switchboard::ctl
