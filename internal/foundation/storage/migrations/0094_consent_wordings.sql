-- +goose Up
-- The words of each consent as they were shown, in three languages. They are written once;
-- version is made of the words themselves, but for those of before. Nothing tells when they
-- were written: that was when somebody read them first.
CREATE TABLE consent_wording (
    purpose TEXT NOT NULL,
    version TEXT NOT NULL,
    ky      TEXT NOT NULL,
    ru      TEXT NOT NULL,
    en      TEXT NOT NULL,
    PRIMARY KEY (purpose, version)
);
INSERT INTO consent_wording (purpose, version, ky, ru, en) VALUES
    ('programme', '2026-1', 'Маалыматтарым программа үчүн иштетилсин', 'Обработка моих данных для программы', 'My data are processed for the programme'),
    ('photo', '2026-1', 'Мен түшкөн сүрөт жана видео жарыялансын', 'Публикация фото и видео со мной', 'Photos and video of me are published'),
    ('list', '2026-1', 'Атымды башка катышуучулар тизмеден көрсүн', 'Моё имя в списке видно другим участникам', 'Other participants see my name in the list'),
    ('newsletter', '2026-1', 'Программанын жаңылыктары келсин', 'Новости программы', 'News of the programme'),
    ('email', '2026-1', 'Мага кат жазылсын', 'Писать мне на почту', 'Write to me by e-mail'),
    ('phone', '2026-1', 'Мага телефон чалынсын', 'Звонить мне по телефону', 'Call me by phone'),
    ('telegram', '2026-1', 'Мага Telegram аркылуу жазылсын', 'Писать мне в Telegram', 'Write to me in Telegram'),
    ('programme', 'application 0', 'Берген маалыматым ушул программа үчүн колдонулушуна макулмун', 'Даю согласие на обработку моих данных для этой программы', 'I agree that my data are used for this programme');

-- The consent of an application form is the consent to the programme. A form with words
-- of its own counted its versions; what it said then is not known any more.
UPDATE consent SET purpose = 'programme', version = 'application ' || version
    WHERE purpose = 'seminars.processing';

-- +goose Down
UPDATE consent SET purpose = 'seminars.processing', version = SUBSTR(version, 13)
    WHERE purpose = 'programme' AND version LIKE 'application %';
DROP TABLE consent_wording;
